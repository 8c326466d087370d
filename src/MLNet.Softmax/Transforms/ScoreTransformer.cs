namespace MLNet.Softmax.Transforms;

/// <summary>
/// The base class of the transformers that turn a vector of class scores into another of the same shape: softmax, log-softmax, calibration.
/// </summary>
/// <remarks>
/// The input is a vector of <see cref="float"/> of any shape, of known size or not, dense or sparse; the output is dense. The only
/// dimension longer than 1 holds the classes, or the last such dimension when there are several. SlotNames and TrainingLabelValues of the
/// input, which name the classes, are copied to the output.
/// </remarks>
public abstract class ScoreTransformer : RowToRowTransformer
{
    private protected ScoreTransformer(string outputColumnName, string inputColumnName, ScoreKind scoreKind) =>
        (OutputColumnName, InputColumnName, ScoreKind) = (outputColumnName, inputColumnName, scoreKind);

    /// <summary>The name of the added column.</summary>
    public string OutputColumnName { get; }

    /// <summary>The name of the column of scores that is read.</summary>
    public string InputColumnName { get; }

    /// <summary>What the column of scores holds: never <see cref="ScoreKind.Auto"/>, which was decided during Fit.</summary>
    public ScoreKind ScoreKind { get; }

    /// <summary>What the output is: <see cref="ScoreAnnotations.Probability"/> or <see cref="ScoreAnnotations.Score"/>.</summary>
    private protected abstract string OutputValueKind { get; }

    /// <summary>The number of classes that the transformer was fitted on; <see langword="null"/> if it accepts any number.</summary>
    private protected virtual int? FittedClassCount => null;

    /// <summary>
    /// Computes the output of one data row from its logits: rows of <paramref name="classCount"/> classes. Must not keep state: several
    /// threads call it at once. <paramref name="logits"/> and <paramref name="output"/> do not overlap.
    /// </summary>
    private protected abstract void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output);

    private protected sealed override RowMapping Bind(DataViewSchema inputSchema)
    {
        var scores = inputSchema.RequireScores(InputColumnName);
        var type = (VectorDataViewType)scores.Type;
        if (FittedClassCount is { } fitted && type.IsKnownSize && ClassAxis.Of(type).ClassCount(type.Size) != fitted)
            throw WrongClassCount(fitted, type.ToString());
        var added = new DataViewSchema.DetachedColumn(OutputColumnName, scores.Type, ScoreAnnotations.Of(scores, OutputValueKind));
        return new RowMapping(inputSchema, [scores], [added], row => [(ValueGetter<VBuffer<float>>)new OutputOfRow(this, row, scores).Get]);
    }

    private protected sealed override void Save(ModelWriter writer)
    {
        writer.Write(OutputColumnName);
        writer.Write(InputColumnName);
        writer.Write(ScoreKind);
        SaveFitted(writer);
    }

    /// <summary>Writes the fitted data, after the columns and their score kind, which <see cref="ReadColumns"/> reads.</summary>
    private protected abstract void SaveFitted(ModelWriter writer);

    private protected static CalibratedColumns ReadColumns(ModelReader reader)
    {
        var columns = new CalibratedColumns(reader.ReadColumnName(), reader.ReadColumnName(), reader.ReadEnum<ScoreKind>());
        reader.Check(columns.Kind != ScoreKind.Auto, "the score kind Auto, which is never saved");
        return columns;
    }

    private void Compute(ReadOnlySpan<float> scores, ClassAxis axis, ref float[] logits, Span<float> output)
    {
        if (scores.IsEmpty) return;
        var classCount = axis.ClassCount(scores.Length);
        if (FittedClassCount is { } fitted && fitted != classCount) throw WrongClassCount(fitted, $"a row of {classCount} scores");
        Apply(ScoreKind == ScoreKind.Probabilities ? ToLogits(scores, ref logits) : scores, classCount, output);
    }

    private static ReadOnlySpan<float> ToLogits(ReadOnlySpan<float> probabilities, ref float[] scratch)
    {
        if (scratch.Length < probabilities.Length) scratch = new float[probabilities.Length];
        var logits = scratch.AsSpan(0, probabilities.Length);
        Numerics.Probabilities.ToLogits(probabilities, logits);
        return logits;
    }

    private ArgumentOutOfRangeException WrongClassCount(int fitted, string found) =>
        SchemaChecks.Refused($"Column '{InputColumnName}' is {found}, but {GetType().Name} was fitted on {fitted} classes. Give it the "
            + "scores of the same classes, or fit it again.");

    /// <summary>
    /// The output of each row. Once a row was read twice, such as by a later step and by the caller, each output is kept until the next
    /// row, so that it is computed only once.
    /// </summary>
    private sealed class OutputOfRow(ScoreTransformer transformer, DataViewRow row, DataViewSchema.Column scores) : IKeepsValues
    {
        private readonly ValueGetter<VBuffer<float>> _source = row.GetGetter<VBuffer<float>>(row.Schema[scores.Index]);
        private readonly ClassAxis _axis = ClassAxis.Of((VectorDataViewType)scores.Type);
        private VBuffer<float> _scores;
        private float[] _dense = [], _logits = [], _kept = [];
        private long _readAt = long.MinValue, _keptAt = long.MinValue;
        private bool _hasTwoReaders;
        private int _keptCount;

        public void Get(ref VBuffer<float> destination)
        {
            var position = row.Position;
            _hasTwoReaders |= position == _readAt;
            _readAt = position;
            var values = _hasTwoReaders ? Values() : Scores();
            var editor = VBufferEditor.Create(ref destination, values.Length);
            if (_hasTwoReaders) values.CopyTo(editor.Values);
            else transformer.Compute(values, _axis, ref _logits, editor.Values);
            destination = editor.Commit();
        }

        public ReadOnlySpan<float> Values()
        {
            _hasTwoReaders = true;
            var position = row.Position;
            if (position != _keptAt)
            {
                var values = Scores();
                if (_kept.Length < values.Length) _kept = new float[values.Length];
                _keptCount = values.Length;
                transformer.Compute(values, _axis, ref _logits, _kept.AsSpan(0, _keptCount));
                // Only after success.
                _keptAt = position;
            }

            return _kept.AsSpan(0, _keptCount);
        }

        private ReadOnlySpan<float> Scores()
        {
            _source(ref _scores);
            return DenseValues.Of(_scores, ref _dense);
        }
    }
}

/// <summary>The column that a transformer of scores adds, the one that it reads, and what that holds.</summary>
internal readonly record struct CalibratedColumns(string Output, string Input, ScoreKind Kind);
