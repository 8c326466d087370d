namespace MLNet.Softmax.Charts;

/// <summary>The rectangle of a drawing in which figures are plotted; axes and their words stand around it.</summary>
internal readonly record struct PlotArea(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public LinearScale Horizontal(double domainStart, double domainEnd) => new(domainStart, domainEnd, Left, Right);

    /// <summary>The vertical scale; greater values stand higher.</summary>
    public LinearScale Vertical(double domainStart, double domainEnd) => new(domainStart, domainEnd, Bottom, Top);
}
