using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What a fit must know about its rows before it starts: whether they can decide anything at all.</summary>
/// <param name="AllScoresEqual">In no row does one class score below another.</param>
/// <param name="EveryLabelOnTop">In every row no class scores above the label's.</param>
internal readonly record struct RowCensus(bool AllScoresEqual, bool EveryLabelOnTop)
{
    public static RowCensus Of(CalibrationRows rows)
    {
        bool allEqual = true, everyLabelOnTop = true;
        foreach (var chunk in rows.Chunks)
        {
            for (var tile = 0; tile < chunk.TileCount && (allEqual || everyLabelOnTop); tile++)
            {
                ReadOnlySpan<float> z = chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats);
                var label = Vector512.Create<float>(chunk.LabelScores.AsSpan(tile * RowChunk.TileRows, RowChunk.TileRows));
                var largest = Vector512.Create(z);
                var smallest = largest;
                for (var i = RowChunk.TileRows; i < z.Length; i += RowChunk.TileRows)
                {
                    var next = Vector512.Create(z[i..]);
                    largest = Vector512.Max(largest, next);
                    smallest = Vector512.Min(smallest, next);
                }
                allEqual &= Vector512.EqualsAll(largest, smallest);
                everyLabelOnTop &= Vector512.EqualsAll(largest, label);
            }
        }
        return new RowCensus(allEqual, everyLabelOnTop);
    }
}
