namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>An exact upper bound on a share, from the number of rows in a sample, for any number of rows.</summary>
/// <remarks>C. Clopper and E. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934.</remarks>
internal static class BinomialBound
{
    /// <summary>The share at which the probability of <paramref name="count"/> or fewer of these rows is delta.</summary>
    public static double Upper(long count, long rows, double delta)
    {
        if (count >= rows)
            return 1;
        var logChoices = 0.0;
        for (long i = 1; i <= count; i++)
            logChoices += Math.Log((double)(rows - count + i) / i);
        var (low, high) = ((double)count / rows, 1.0);
        for (var step = 0; step < 60 && high - low > 1e-12 * high; step++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(count, rows, middle, logChoices) > delta)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    /// <summary>The probability of at most this count: terms in descending order, each computed from the one before.</summary>
    private static double Cumulative(long count, long rows, double share, double logChoices)
    {
        var odds = (1 - share) / share;
        double sum = 0, term = 1;
        for (var j = count; j >= 0 && term > 1e-17 * sum; j--)
        {
            sum += term;
            term *= j / (rows - j + 1.0) * odds;
        }

        return sum * Math.Exp(logChoices + count * Math.Log(share) + (rows - count) * double.LogP1(-share));
    }
}
