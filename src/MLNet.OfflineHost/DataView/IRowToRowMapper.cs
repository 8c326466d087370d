namespace Microsoft.ML.Data;

/// <summary>Maps one row at a time, each output row from its input row alone.</summary>
public interface IRowToRowMapper
{
    DataViewSchema InputSchema { get; }
    DataViewSchema OutputSchema { get; }

    /// <summary>The input columns that the given output columns are computed from.</summary>
    IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);

    DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
}
