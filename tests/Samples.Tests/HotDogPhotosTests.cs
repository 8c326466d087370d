using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests;

public sealed class HotDogPhotosTests
{
    [Fact]
    public void HotDogPhotos_OfflineBuild_SaysWhatItNeeds()
    {
        Assert.SkipUnless(Repository.IsOffline, "On the real host this sample needs Microsoft.ML.Vision and TensorFlow; run it by hand.");
        using var photos = new SampleProcess("HotDogPhotos");

        photos.Run().AssertRefused("Microsoft.ML.Vision", "-p:MLNet=5.0.0", "--images DIR");
    }
}
