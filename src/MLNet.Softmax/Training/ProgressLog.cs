using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>Writes each epoch to MLContext.Log and passes it on to the caller's own progress.</summary>
internal sealed class ProgressLog(IChannel channel, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        var culture = CultureInfo.InvariantCulture;
        var line = string.Create(culture, $"Epoch {value.Epoch} of {value.EpochCount}: training loss {value.TrainingLoss:0.000000}");
        if (value is { ValidationLoss: { } loss, ValidationAccuracy: { } accuracy })
            line += string.Create(culture, $", validation loss {loss:0.000000}, validation accuracy {accuracy:0.0000}");
        channel.Info(MessageSensitivity.None, line);
        next?.Report(value);
    }
}
