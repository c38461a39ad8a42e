using System.Diagnostics;
using System.Globalization;
using Reeve.Doors.Leases;
using Reeve.Kernel.Journal;
using Reeve.Storage.Sqlite;
using Reeve.Tests.Scenarios.Storage;

namespace Reeve.Tests.Scenarios.Storage
{
    /// <summary>A real process of its own that works on a store until somebody kills it.</summary>
    internal sealed class SecondProcess : IDisposable
    {
        public const string DirectoryVariable = "REEVE_TEST_STORE";

        private readonly Process _process;

        public SecondProcess(string directory)
        {
            // This test program again, which starts with StartupHook below instead of with tests.
            _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                Environment =
                {
                    ["DOTNET_STARTUP_HOOKS"] = typeof(SecondProcess).Assembly.Location,
                    [DirectoryVariable] = directory,
                },
            })!;
        }

        public int Id => _process.Id;

        /// <summary>The next thing it says; null after it ended.</summary>
        public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

        public async Task KillAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }

        /// <summary>Says its name as an owner, then every entry that was acknowledged, for ever.</summary>
        public static async Task WorkAsync(string directory)
        {
            await using var store = await SqliteRunStore.OpenAsync(directory, TimeProvider.System, default);
            var owner = LocalProcess.Current(instance: 1).Owner;
            var draft = new JournalDraft(store, JournalDraft.NewRun());
            await draft.CreateAsync();
            await draft.LeaseAsync(owner);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{draft.Run.Run}"));

            while (true)
            {
                var request = draft.Next(count: 3) with
                {
                    Payloads = [JournalDraft.Payload(draft.Sequence.ToString(CultureInfo.InvariantCulture))],
                };
                await draft.AppendAsync(request);
                Console.WriteLine($"{draft.Sequence} {draft.Head}");
            }
        }
    }
}

/// <summary>Where the runtime begins in <see cref="SecondProcess"/>; it never
/// ends.</summary>
// The runtime looks for it without a namespace.
#pragma warning disable MA0047
internal static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Reeve.Tests.Scenarios.Interactive.Fault.Variable) is { } fault)
        {
            Reeve.Tests.Scenarios.Interactive.Fault.Await(fault);
            return;
        }

        var directory = Environment.GetEnvironmentVariable(SecondProcess.DirectoryVariable);

        // The runtime does not await what begins before Main.
#pragma warning disable VSTHRD002
        SecondProcess.WorkAsync(directory!).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }
}
