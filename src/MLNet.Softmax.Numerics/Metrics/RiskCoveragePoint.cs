namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>What comes of answering only the rows whose confidence reaches a threshold.</summary>
/// <param name="Confidence">The threshold: the lowest top probability that is answered.</param>
/// <param name="Coverage">The share of rows answered, from 0 to 1.</param>
/// <param name="Risk">The share of wrong answers among them, from 0 to 1.</param>
public readonly record struct RiskCoveragePoint(double Confidence, double Coverage, double Risk);
