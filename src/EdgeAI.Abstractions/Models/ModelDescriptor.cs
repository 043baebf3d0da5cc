namespace EdgeAI;

/// <summary>
/// A model that has been read and checked but not loaded: what a device needs to say whether it can run it, and to open it.
/// Thread-safe. Reference counted because it may hold opened files: a session that uses them after
/// <see cref="Devices.IDevice.OpenSessionAsync"/> has returned must retain it.
/// </summary>
public abstract class ModelDescriptor : ReferenceCounted
{
    /// <summary>The model's name in logs and errors.</summary>
    public abstract string Id { get; }

    /// <summary>Inputs and outputs.</summary>
    public abstract ModelSignature Signature { get; }

    /// <summary>How often each operator occurs, subgraphs and functions included.</summary>
    public abstract IReadOnlyList<OperatorUse> Operators { get; }

    /// <summary>Elements in all initializers.</summary>
    public abstract long ParameterCount { get; }

    /// <summary>Bytes of all initializers, external data included.</summary>
    public abstract long WeightBytes { get; }

    /// <summary>An optional capability, such as the graph model or the checked file contents; <see langword="null"/> where it is not offered.</summary>
    /// <param name="serviceType">The type asked for.</param>
    public virtual object? GetService(Type serviceType)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>An optional capability; <see langword="null"/> where it is not offered.</summary>
    public TService? GetService<TService>() where TService : class => GetService(typeof(TService)) as TService;
}
