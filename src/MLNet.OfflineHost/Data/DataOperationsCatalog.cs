using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Makes data views from objects, and data views out of data views.</summary>
public sealed class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _environment;

    internal DataOperationsCatalog(IHostEnvironment environment) => _environment = environment;

    IHostEnvironment IInternalCatalog.Environment => _environment;

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
        => new EnumerableDataView<TRow>(data, schemaDefinition);

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        return ReadObjects(data, new RowReader<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition), reuseRowObject);
    }

    /// <summary>Keeps every column that was read in memory, from the first time that it is.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var name in columnsToPrefetch ?? [])
        {
            if (input.Schema.GetColumnOrNull(name) == null)
                throw Contracts.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name);
        }
        return new CacheDataView(input);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RowRangeDataView(input, count, long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new RowRangeDataView(input, 0, count);
    }

    /// <summary>
    /// Draws a number in [0, 1) for each row, from the seed or from the sampling key: the test rows are those below the fraction.
    /// Rows with equal sampling keys stay together.
    /// </summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The test fraction lies between 0 and 1, both excluded.");
        var numbers = SplitNumber.Of(data, samplingKeyColumnName, seed ?? ((IHostEnvironmentInternal)_environment).Seed);
        return new TrainTestData(
            new SplitDataView(data, numbers, number => number >= testFraction),
            new SplitDataView(data, numbers, number => number < testFraction));
    }

    /// <summary>The split of <see cref="TrainTestSplit"/> for each of equally wide, adjacent ranges as the test rows.</summary>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        var numbers = SplitNumber.Of(data, samplingKeyColumnName, seed ?? ((IHostEnvironmentInternal)_environment).Seed);
        return Enumerable.Range(0, numberOfFolds).Select(fold =>
        {
            var first = (double)fold / numberOfFolds;
            var last = (double)(fold + 1) / numberOfFolds;
            return new TrainTestData(
                new SplitDataView(data, numbers, number => number < first || number > last),
                new SplitDataView(data, numbers, number => number >= first && number <= last));
        }).ToArray();
    }

    private static IEnumerable<TRow> ReadObjects<TRow>(IDataView data, RowReader<TRow> reader, bool reuseRowObject)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(reader.Columns);
        var fill = reader.Bind(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (!reuseRowObject || row == null)
                row = new TRow();
            fill(row);
            yield return row;
        }
    }

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
