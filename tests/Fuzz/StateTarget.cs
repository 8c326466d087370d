using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.State;

namespace MLNet.Softmax.Fuzz;

/// <summary>A saved evaluation, as a program loads it.</summary>
internal static class StateTarget
{
    // A saved evaluation may ask for more resamples: they take time, and are no damage.
    private const int MostResamples = 100;

    /// <summary>
    /// Loads damaged contents with a checksum that matches. What loads has metrics; any error but an <see cref="InvalidDataException"/> is
    /// a bug.
    /// </summary>
    /// <returns>Whether it loads.</returns>
    public static bool Load(byte[] contents)
    {
        using var file = new MemoryStream();
        StateFile.Write(file, state => state.Bytes(contents));
        file.Position = 0;
        try
        {
            var evaluator = ProbabilityEvaluator.Load(file);
            if (evaluator.Options.Bootstrap is null or { Resamples: <= MostResamples })
                _ = evaluator.ToMetrics().ToString();
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>A saved evaluation without its header and checksum.</summary>
    public static byte[] ContentsOf(byte[] file) => file[StateFile.HeaderLength..^sizeof(uint)];
}
