using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment behind an MLContext, and every host registered under it: a name, a random stream, one shared listener.</summary>
internal sealed class LocalEnvironment : IHost, IHostEnvironmentInternal
{
    private readonly LocalEnvironment _root;
    private readonly string _parentFullName;
    private readonly string _shortName;
    private Action<string, ChannelMessage> _listener;

    public LocalEnvironment(int? seed)
    {
        _root = this;
        Seed = seed;
        Rand = RandomUtils.Create(seed);
        ComponentCatalog = new ComponentCatalog();
    }

    private LocalEnvironment(LocalEnvironment parent, string name, int? seed)
    {
        _root = parent._root;
        _parentFullName = parent.FullName;
        _shortName = name;
        Seed = _root.Seed;
        Rand = seed.HasValue ? RandomUtils.Create(seed) : RandomUtils.Create(parent.Rand);
        ComponentCatalog = _root.ComponentCatalog;
    }

    public int? Seed { get; }

    public Random Rand { get; }

    public ComponentCatalog ComponentCatalog { get; }

    public string ContextDescription => FullName;

    public string FullName => string.IsNullOrEmpty(_parentFullName) ? _shortName : _parentFullName + "; " + _shortName;

    /// <summary>Every channel of every host reports here: the channel's full name and its message.</summary>
    public void AddListener(Action<string, ChannelMessage> listener) => _root._listener += listener;

    public void Dispatch(string source, ChannelMessage message) => _root._listener?.Invoke(source, message);

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (_root)
            return new LocalEnvironment(this, name, seed);
    }

    public IChannel Start(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new Channel(this, name);
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex != null)
        {
            ex.Data["Throwing component"] = _shortName;
            ex.Data["Parent component"] = _parentFullName;
            Contracts.Mark(ex);
        }

        return ex;
    }
}
