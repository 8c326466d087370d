using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.OfflineHost.Tests.Environments;

public class EnvironmentTests
{
    [Fact]
    public void Log_TellsSourceKindAndMessageOfEachChannel()
    {
        var mlContext = new MLContext();
        var messages = new List<LoggingEventArgs>();
        mlContext.Log += (sender, message) =>
        {
            Assert.Same(mlContext, sender);
            messages.Add(message);
        };

        var host = ((IHostEnvironment)mlContext).Register("Trainer");
        using (var channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 1, 5);
            channel.Warning(MessageSensitivity.None, "braces {} stay where there are no arguments");
        }

        Assert.Equal("Channel started", messages[0].RawMessage);
        Assert.Equal(ChannelMessageKind.Trace, messages[0].Kind);
        Assert.Equal("epoch 1 of 5", messages[1].RawMessage);
        Assert.Equal("[Source=Trainer; Training, Kind=Info] epoch 1 of 5", messages[1].Message);
        Assert.Equal((ChannelMessageKind.Warning, "Trainer; Training"), (messages[2].Kind, messages[2].Source));
        Assert.Equal("braces {} stay where there are no arguments", messages[2].RawMessage);
        Assert.StartsWith("Channel finished. Elapsed", messages[3].RawMessage, StringComparison.Ordinal);
        Assert.Equal("Channel disposed", messages[4].RawMessage);
        Assert.Equal(5, messages.Count);
    }

    [Fact]
    public void Log_WithoutListener_IsNoError()
    {
        using var channel = ((IHostEnvironment)new MLContext()).Start("Anything");

        channel.Error(MessageSensitivity.None, "nobody hears this");
    }

    [Fact]
    public void Rand_OfASeed_IsTheSameOnEveryHost()
    {
        var random = ((IHostEnvironment)new MLContext(7)).Register("Trainer", seed: 42).Rand;

        Assert.Equal(
            [410776726, 58, 2, 0.96748575358651578],
            [random.Next(), random.Next(100), random.Next(-5, 5), random.NextDouble()]);
    }

    [Fact]
    public void Rand_OfTheContextsSeed_RepeatsInTheSameOrderOfHosts()
    {
        static double[] Draw()
        {
            IHostEnvironment environment = new MLContext(7);
            return [environment.Register("First").Rand.NextDouble(), environment.Register("Second").Rand.NextDouble()];
        }

        Assert.Equal(Draw(), Draw());
        Assert.NotEqual(Draw()[0], Draw()[1]);
    }

    [Fact]
    public void Rand_WithoutSeed_DiffersFromContextToContext()
    {
        Assert.NotEqual(
            ((IHostEnvironment)new MLContext()).Register("Trainer").Rand.NextDouble(),
            ((IHostEnvironment)new MLContext()).Register("Trainer").Rand.NextDouble());
    }

    [Fact]
    public void RegisterAssembly_TwiceTheSame_IsNoError()
    {
        var catalog = new MLContext().ComponentCatalog;

        catalog.RegisterAssembly(typeof(MLContext).Assembly);
        catalog.RegisterAssembly(typeof(MLContext).Assembly);
    }
}
