using MLNet.Softmax.Samples;

// What this sample is when it was built without the packages of ML.NET's image trainer.
Console.WriteLine(MLNetHost.Line);
Console.Error.WriteLine(
    "hotdogphotos: needs Microsoft.ML.Vision, Microsoft.ML.ImageAnalytics and SciSharp.TensorFlow.Redist, which this build does not have. " +
    "Where your package feed carries them: dotnet run --project samples/HotDogPhotos -p:MLNet=5.0.0 -- --images DIR");
return 2;
