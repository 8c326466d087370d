namespace Microsoft.ML.Data;

/// <summary>A line of a text file, counted from 1.</summary>
internal readonly record struct TextLine(long Number, string Text);
