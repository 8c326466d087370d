namespace Microsoft.ML.Data;

public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    public readonly IEstimator<TLastTransformer> LastEstimator;
    private readonly (IEstimator<ITransformer> Estimator, TransformerScope Scope)[] _links;

    public EstimatorChain()
        : this([])
    {
    }

    private EstimatorChain((IEstimator<ITransformer> Estimator, TransformerScope Scope)[] links)
    {
        _links = links;
        LastEstimator = links.Length == 0 ? null : (IEstimator<TLastTransformer>)links[^1].Estimator;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // Before anything is trained, so that a mistake in the last step does not cost the training of the first.
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var data = input;
        var transformers = new ITransformer[_links.Length];
        for (int index = 0; index < _links.Length; index++)
        {
            transformers[index] = _links[index].Estimator.Fit(data);
            data = transformers[index].Transform(data);
        }

        return new TransformerChain<TLastTransformer>(transformers, _links.Select(link => link.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _links.Aggregate(inputSchema, (shape, link) => link.Estimator.GetOutputSchema(shape));
    }

    public EstimatorChain<TNewTrans> Append<TNewTrans>(
        IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new EstimatorChain<TNewTrans>([.. _links, ((IEstimator<ITransformer>)estimator, scope)]);
    }
}
