using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Reeve.Cli.Commands.ModelServe;

/// <summary>Blocks that hold a whole request of a usual conversation, so that it is received in one go.</summary>
internal sealed class WideBlocks : IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 64 * 1024;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        public override int MaxBufferSize => Shared.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
            Shared.Rent(Math.Max(minBufferSize, BlockBytes));

        protected override void Dispose(bool disposing)
        {
            // What is rented belongs to the shared pool.
        }
    }
}
