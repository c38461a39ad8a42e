using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>Attacks that measure this whole process and fill the machine, and so run beside no other test.</summary>
[CollectionDefinition("sandbox", DisableParallelization = true)]
public sealed class SandboxAlone;
