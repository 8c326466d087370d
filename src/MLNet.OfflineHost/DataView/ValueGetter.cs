namespace Microsoft.ML;

/// <summary>Fills <paramref name="value"/> with the current row's value, reusing its buffers.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
