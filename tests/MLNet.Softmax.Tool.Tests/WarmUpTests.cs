namespace MLNet.Softmax.Tool.Tests;

public sealed class WarmUpTests
{
    /// <summary>Nothing waits for it, so an error would only make the tool slower.</summary>
    [Fact]
    public async Task WarmUp_HasNoError() => await WarmUp.Start();
}
