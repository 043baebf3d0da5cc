using System.Diagnostics.CodeAnalysis;
using EdgeAI;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers batching policies.</summary>
public static class BatchingPolicyBuilderExtensions
{
    /// <summary>Registers a batching policy as a singleton, for models that name it in <see cref="ModelOptions.BatchingPolicy"/>. Adding the same type twice is harmless.</summary>
    public static EdgeAIBuilder AddBatchingPolicy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPolicy>(this EdgeAIBuilder builder)
        where TPolicy : class, IBatchingPolicy
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IBatchingPolicy, TPolicy>());
        return builder;
    }
}
