using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Views;

internal sealed class NumberedRow
{
    public int Number { get; set; }

    public string Name { get; set; } = "";

    [VectorType(2)]
    public float[] Vector { get; set; } = [];
}
