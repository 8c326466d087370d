namespace MLNet.Softmax.TestSupport;

/// <summary>Errors that calls end in: of exactly this type, with every one of these parts in the message.</summary>
internal static class Refusal
{
    public static TException Of<TException>(Action call, params string[] parts)
        where TException : Exception
    {
        var error = Assert.Throws<TException>(call);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        ApprovedMessages.Check(error);
        return error;
    }

    public static TException Of<TException>(Func<object?> call, params string[] parts)
        where TException : Exception => Of<TException>(() => { _ = call(); }, parts);

    /// <summary>Each of the calls is refused with a message that starts so, about the parameter if one is given.</summary>
    public static void OfAll<TException>(string start, string? parameter, params Action[] calls)
        where TException : ArgumentException
    {
        foreach (var call in calls)
        {
            var error = Assert.Throws<TException>(call);
            Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
            Assert.Equal(parameter ?? error.ParamName, error.ParamName);
            ApprovedMessages.Check(error);
        }
    }
}
