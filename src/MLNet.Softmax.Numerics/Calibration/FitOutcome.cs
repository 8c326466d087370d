namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How a fit ended.</summary>
public enum FitOutcome
{
    /// <summary>At the minimum of the objective.</summary>
    Converged,

    /// <summary>Nothing was searched: the parameters were given.</summary>
    Fixed,

    /// <summary>At the lowest temperature allowed; the loss would fall further below it.</summary>
    AtLowestTemperature,

    /// <summary>At the highest temperature allowed: the scores say nothing, or the wrong thing, about the labels.</summary>
    AtHighestTemperature,

    /// <summary>The iterations ran out before the minimum was reached.</summary>
    IterationsExhausted,

    /// <summary>The calibrated scores put every label on top and nothing holds the parameters back: there is no finite minimum.</summary>
    Separable,
}
