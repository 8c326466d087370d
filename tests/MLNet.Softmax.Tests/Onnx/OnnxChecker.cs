namespace MLNet.Softmax.Tests;

/// <summary>ONNX's own checker, of the Python package onnx (python3-onnx on Debian).</summary>
internal static class OnnxChecker
{
    private const string Program = """
        import sys
        try:
            import onnx
        except ImportError:
            sys.exit('absent')
        onnx.checker.check_model(onnx.load(sys.argv[1]))
        print('valid')
        """;

    /// <summary>Fails unless <paramref name="model"/> is a valid ONNX file; skips the test where the checker is absent.</summary>
    public static void AssertValid(byte[] model)
    {
        using var file = new TemporaryFile(model);
        // Debian's package belongs to Debian's Python, which need not be the first one found.
        foreach (var python in new[] { "python3", "/usr/bin/python3" })
        {
            var answer = Command.Run(python, ["-c", Program, file.Path], "", ignoreFailure: "absent");
            if (answer is null) continue;
            Assert.Equal("valid", answer.Trim());
            return;
        }

        Assert.Skip("ONNX's checker is not installed (python3-onnx), so that exported models cannot be checked.");
    }
}
