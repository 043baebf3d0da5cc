namespace EdgeAI.Memory;

/// <summary>A block that a pool lends again and again. If a loan is lost to the garbage collector, so is the block, and it leaves the pool's account.</summary>
internal sealed class PooledBlock(BufferPool pool, DeviceBuffer buffer, nuint size) : IDisposable
{
    public DeviceBuffer Buffer => buffer;

    /// <summary>Its size class in bytes.</summary>
    public nuint Size => size;

    public BufferPool Pool => pool;

    public void Dispose()
    {
        buffer.Dispose();
        pool.Uncharge(this);
        GC.SuppressFinalize(this);
    }

    /// <summary>The user has forgotten to dispose a tensor. The buffer has a finalizer of its own.</summary>
    ~PooledBlock() => pool.Lose(this);
}
