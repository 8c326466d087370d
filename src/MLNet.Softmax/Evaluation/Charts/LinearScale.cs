namespace MLNet.Softmax.Charts;

/// <summary>Maps the domain of a figure onto a stretch of the drawing; what lies outside the domain is drawn at its edge.</summary>
internal readonly record struct LinearScale(double DomainStart, double DomainEnd, double RangeStart, double RangeEnd)
{
    /// <summary>The place of <paramref name="value"/>; NaN stays NaN.</summary>
    public double this[double value]
    {
        get
        {
            double fraction = DomainEnd == DomainStart ? 0 : (value - DomainStart) / (DomainEnd - DomainStart);
            return RangeStart + Math.Clamp(fraction, 0, 1) * (RangeEnd - RangeStart);
        }
    }
}
