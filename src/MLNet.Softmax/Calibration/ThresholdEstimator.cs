namespace MLNet.Softmax.Calibration;

/// <summary>The columns of a fitted threshold and the goal that it is chosen for.</summary>
public sealed class ThresholdCalibratorOptions
{
    /// <summary>The goal that the threshold must reach; the highest F1 unless set.</summary>
    public ThresholdGoal Goal { get; set; } = ThresholdGoal.FBeta();

    /// <summary>The class that gets the threshold; null for a minimum confidence of the most probable class.</summary>
    public string? PositiveClass { get; set; }

    /// <summary>The column of true classes: a key, text or a number.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of probabilities: a vector of <see cref="float"/> of known size, one value per class.</summary>
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>The column to add: a key with the class names as key values.</summary>
    public string OutputColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// The column of weights, <see cref="float"/>: weight 2 counts as two equal rows, and rows with weight 0 are left out. Null, the
    /// default, if every row counts 1.
    /// </summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Whether to add a <see cref="bool"/> column, named as the output with "IsSure" appended: false where the key is missing.
    /// </summary>
    public bool AddIsSure { get; set; }

    /// <summary>The fewest usable rows that are accepted; 30 unless set.</summary>
    public int MinimumRows { get; set; } = 30;

    internal ThresholdCalibratorOptions Copy() => (ThresholdCalibratorOptions)MemberwiseClone();
}

/// <summary>Chooses a threshold on held-out rows: fits a <see cref="DecideTransformer"/> that applies it.</summary>
public sealed class ThresholdEstimator : IEstimator<DecideTransformer>
{
    private const string Name = "Calibrators.Threshold";
    private readonly IHostEnvironment _environment;
    private readonly ThresholdCalibratorOptions _options;
    private readonly HeldOutColumns _columns;

    internal ThresholdEstimator(IHostEnvironment environment, ThresholdCalibratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.ProbabilityColumnName);
        SchemaChecks.ThrowIfEmptyName(options.ExampleWeightColumnName);
        _ = DecisionSettings.Of(Decision(options, 0));
        ThresholdRows.Check(options.Goal, options.PositiveClass is not null);
        (_environment, _options) = (environment, options.Copy());
        _columns = new(options.LabelColumnName, options.ProbabilityColumnName, options.ExampleWeightColumnName);
    }

    /// <summary>Chooses the threshold. Reads the rows once and keeps 12 bytes per row.</summary>
    /// <param name="input">Rows that neither the model nor a calibrator was fitted on, with label and probabilities.</param>
    /// <returns>The transformer, with the record of the fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has the wrong type, or the positive class is not one of the classes.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are too few usable rows (for example, because the column holds logits), they are all of one class, or no threshold reaches the
    /// goal. The message says what can be reached.
    /// </exception>
    public DecideTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (probabilities, classCount) = input.Schema.RequireClassScores(_columns.Score);
        var positive = _options.PositiveClass is { } name ? ClassLabels.IndexOf(probabilities, classCount, name) : (int?)null;
        DecideEstimator.RequireProbabilities(input, probabilities);
        var rows = new ThresholdRows(classCount, positive);
        HeldOutRows.Read(input, _columns, probabilities, classCount, rows.Add);
        try
        {
            var fit = rows.Fit(_options.Goal, _options.MinimumRows);
            using var channel = _environment.Start(Name);
            HeldOutRows.Report(channel, fit.RowsUsed, fit.RowsLeftOut, _columns);
            var settings = DecisionSettings.Of(Decision(_options, fit.Threshold));
            return new DecideTransformer(settings.Resolve(probabilities, classCount), fit);
        }
        catch (InvalidOperationException refusal)
        {
            throw HeldOutRows.Refused(Name, _columns, refusal);
        }
    }

    /// <summary>The shape of the schema that the transformer will produce for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>The shape with the key column, and the "IsSure" column if requested.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return DecideEstimator.With(inputSchema, _columns.Require(inputSchema), DecisionSettings.Of(Decision(_options, 0)));
    }

    private static DecisionOptions Decision(ThresholdCalibratorOptions options, float threshold)
    {
        var decision = new DecisionOptions
        {
            OutputColumnName = options.OutputColumnName,
            InputColumnName = options.ProbabilityColumnName,
            AddIsSure = options.AddIsSure,
        };
        if (options.PositiveClass is { } name) decision.Thresholds = new Dictionary<string, float> { [name] = threshold };
        else decision.MinimumConfidence = threshold;
        return decision;
    }
}
