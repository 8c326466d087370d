using System.Reflection;
using Microsoft.ML;

namespace MLNet.Softmax.Samples;

/// <summary>Says which ML.NET the program runs on.</summary>
internal static class MLNetHost
{
    /// <summary>One line for the top of every sample.</summary>
    public static string Line
    {
        get
        {
            var assembly = typeof(MLContext).Assembly;
            var name = assembly.GetName().Name;
            if (name == "MLNet.OfflineHost")
                return "ML.NET host: MLNet.OfflineHost, a stand-in (-p:MLNet=5.0.0 for the real one)";
            var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
            return $"ML.NET host: {name} {version}";
        }
    }
}
