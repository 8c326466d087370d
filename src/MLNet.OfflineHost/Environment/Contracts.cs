namespace Microsoft.ML.Runtime;

/// <summary>The exceptions ML.NET throws in several places, with its types and wording.</summary>
internal static class Contracts
{
    private const string MarkKey = "ML_IsMarked";

    public static TException Mark<TException>(TException exception)
        where TException : Exception
    {
        exception.Data[MarkKey] = 1;
        return exception;
    }

    /// <summary>Whether ML.NET itself raised the exception, as against code that it called.</summary>
    public static bool IsMarked(this Exception exception) => exception.Data.Contains(MarkKey);

    public static Exception Except(string message, Exception inner = null) => Mark(new InvalidOperationException(message, inner));

    public static Exception ExceptDecode(string message, Exception inner = null) => Mark(new FormatException(message, inner));

    public static Exception ExceptSchemaMismatch(string parameter, string columnRole, string columnName) =>
        Mark(new ArgumentOutOfRangeException(parameter, $"Could not find {columnRole} column '{columnName}'"));

    public static Exception ExceptSchemaMismatch(string parameter, string columnRole, string columnName, string expected, string actual) =>
        Mark(new ArgumentOutOfRangeException(
            parameter, $"Schema mismatch for {columnRole} column '{columnName}': expected {expected}, got {actual}"));

    public static void CheckDecode(bool condition, string message = "Corrupt model file")
    {
        if (!condition)
            throw ExceptDecode(message);
    }
}
