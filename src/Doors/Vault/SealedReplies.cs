using System.Buffers.Binary;
using System.Security.Cryptography;
using Reeve.Authority;
using Reeve.Doors.Files;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Principals;

namespace Reeve.Doors.Vault;

/// <summary>Replies of models in files of the data directory, each sealed with a key of its own.</summary>
/// <remarks>
/// A file opens under its own name only, with the master key of this data directory, and as long as it is young
/// enough by the time that is sealed with it. The oldest go where the folder would grow past its bound. What cannot be
/// read or written is the same as what was never kept.
/// </remarks>
public sealed class SealedReplies(
    string dataDirectory, IKeyWrap keys, IEntropy entropy, TimeProvider time, long bytesMax, TimeSpan ageMax)
    : IReplyCache
{
    /// <summary>A larger reply is not kept.</summary>
    public const int ReplyBytesMax = 1 << 20;

    /// <summary>So many are kept at most, however small.</summary>
    public const int RepliesMax = 10_000;

    private const string What = "kept reply";
    private const int HeadBytes = sizeof(int), OverheadBytesMax = 512;
    private const UnixFileMode PrivateDirectory =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _folder = Path.Join(dataDirectory, "replies");

    public byte[]? Find(string name)
    {
        try
        {
            var plain = Open(name, OperatorFiles.Read(PathOf(name), ReplyBytesMax + OverheadBytesMax, What));
            var age = time.GetUtcNow()
                - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(plain));
            return age >= TimeSpan.Zero && age <= ageMax ? plain[sizeof(long)..] : null;
        }
        catch (Exception lost) when (IsLost(lost))
        {
            return null;
        }
    }

    public void Keep(string name, ReadOnlySpan<byte> reply)
    {
        if (reply.Length > ReplyBytesMax || reply.Length + OverheadBytesMax > bytesMax)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(_folder, PrivateDirectory);
            var content = Seal(name, reply);
            MakeRoom(content.Length);
            OperatorFiles.Write(PathOf(name), content, What);
        }
        catch (Exception lost) when (IsLost(lost))
        {
            // The disk may be full; a cache owes nobody anything.
        }
    }

    private void MakeRoom(int bytes)
    {
        var files = new DirectoryInfo(_folder).GetFiles().OrderBy(file => file.LastWriteTimeUtc).ToList();
        var (left, room) = (files.Count, bytesMax - bytes - files.Sum(file => file.Length));

        foreach (var file in files)
        {
            if (room >= 0 && left < RepliesMax)
            {
                return;
            }

            (left, room) = (left - 1, room + file.Length);
            file.Delete();
        }
    }

    private byte[] Seal(string name, ReadOnlySpan<byte> reply)
    {
        var key = new byte[PayloadSealer.KeyBytes];
        entropy.Fill(key);
        using var sealer = new PayloadSealer(ScopeOf(name), key, entropy);
        var plain = new byte[sizeof(long) + reply.Length];
        BinaryPrimitives.WriteInt64LittleEndian(plain, time.GetUtcNow().ToUnixTimeMilliseconds());
        reply.CopyTo(plain.AsSpan(sizeof(long)));
        var wrapped = keys.Wrap(ScopeOf(name), key);
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, wrapped.Length);
        byte[] content = [.. head, .. wrapped, .. sealer.SealMessage(plain)];
        CryptographicOperations.ZeroMemory(key);

        return content;
    }

    private byte[] Open(string name, byte[] content)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(content);
        using var sealer = new PayloadSealer(
            ScopeOf(name), keys.Unwrap(ScopeOf(name), content.AsSpan(HeadBytes, length)), entropy);
        return sealer.OpenMessage(content.AsSpan(HeadBytes + length));
    }

    // A name is 128 bits, as that of a run is; what is sealed for one opens for no other.
    private static RunKey ScopeOf(string name) =>
        new(TenantId.Local, RunId.FromBytes(Convert.FromHexString(name)));

    private string PathOf(string name) => Path.Join(_folder, name);

    private static bool IsLost(Exception failure) => failure is ProblemException or IOException
        or UnauthorizedAccessException or ArgumentException or CryptographicException;
}
