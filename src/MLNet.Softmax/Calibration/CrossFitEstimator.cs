namespace MLNet.Softmax.Calibration;

/// <summary>How the rows are divided, and which columns hold label, scores and weights.</summary>
internal sealed record CrossFitPlan(int Folds, HeldOutColumns Columns, string? SamplingKeyColumnName, int Seed)
{
    public void Validate()
    {
        if (Folds < 2)
            throw new ArgumentOutOfRangeException(nameof(Folds), Folds, "Cross-fitting needs at least 2 folds.");
        ArgumentException.ThrowIfNullOrEmpty(Columns.Label, "labelColumnName");
        ArgumentException.ThrowIfNullOrEmpty(Columns.Score, "scoreColumnName");
        SchemaChecks.ThrowIfEmptyName(Columns.Weight, "exampleWeightColumnName");
        SchemaChecks.ThrowIfEmptyName(SamplingKeyColumnName, "samplingKeyColumnName");
    }
}

/// <summary>Fits a calibrator on out-of-fold scores, those of rows that the trainer has not seen, and the trainer on all rows.</summary>
/// <typeparam name="TTransformer">The transformer that the calibrator returns.</typeparam>
public sealed class CrossFitEstimator<TTransformer> : IEstimator<TransformerChain<TTransformer>>
    where TTransformer : class, ITransformer
{
    private readonly IHostEnvironment _environment;
    private readonly IEstimator<ITransformer> _trainer;
    private readonly IEstimator<TTransformer> _calibrator;
    private readonly CrossFitPlan _plan;

    internal CrossFitEstimator(
        IHostEnvironment environment, IEstimator<ITransformer> trainerPipeline, IEstimator<TTransformer> calibrator, CrossFitPlan plan)
    {
        ArgumentNullException.ThrowIfNull(trainerPipeline);
        ArgumentNullException.ThrowIfNull(calibrator);
        plan.Validate();
        (_environment, _trainer, _calibrator, _plan) = (environment, trainerPipeline, calibrator, plan);
    }

    /// <summary>
    /// For each fold, fits the trainer without it and scores it. Fits the calibrator on these scores, and the trainer on all rows.
    /// </summary>
    /// <param name="input">The training rows.</param>
    /// <returns>The trainer fitted on all rows, followed by the calibrator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">A part of the rows lacks a class, or the calibrator cannot be fitted; the message says
    /// why.</exception>
    public TransformerChain<TTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = _trainer.Fit(input);
        var schema = model.GetOutputSchema(input.Schema);
        var (scores, classCount) = schema.RequireClassScores(_plan.Columns.Score);
        _plan.Columns.RequireWeight(schema);

        var rows = new OutOfFoldRows(_plan, scores, classCount);
        var context = new MLContext(_plan.Seed);
        var parts = context.Data.CrossValidationSplit(input, _plan.Folds, _plan.SamplingKeyColumnName, _plan.Seed);
        using var channel = _environment.Start("CrossFit");
        for (var fold = 0; fold < parts.Count; fold++)
        {
            rows.Add(fold, _trainer.Fit(parts[fold].TrainSet).Transform(parts[fold].TestSet));
            channel.Info(
                MessageSensitivity.Schema,
                $"Fold {fold + 1} of {parts.Count}: {rows.Count} rows scored by trainers that have not seen them.");
        }

        return model.Append(_calibrator.Fit(rows.ToDataView(context)));
    }

    /// <summary>The shape of the schema that the transformer will produce for data of the shape <paramref name="inputSchema"/>.</summary>
    /// <param name="inputSchema">The shape of the schema of the data to transform.</param>
    /// <returns>What the trainer pipeline and the calibrator add.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _calibrator.GetOutputSchema(_trainer.GetOutputSchema(inputSchema));
}
