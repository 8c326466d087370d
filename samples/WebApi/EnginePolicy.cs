using HotDog;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace WebApi;

/// <summary>How the pool gets its engines. The pool keeps two for each processor.</summary>
internal sealed class EnginePolicy(SavedModel model) : PooledObjectPolicy<PredictionEngine<PhotographInMemory, Answer>>
{
    public override PredictionEngine<PhotographInMemory, Answer> Create() => model.CreateEngine();

    public override bool Return(PredictionEngine<PhotographInMemory, Answer> engine) => true;
}
