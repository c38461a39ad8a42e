using Reeve.Authority;
using Reeve.Doors.Processes.HostBridge;
using Xunit;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Forms of host commands: what an operator may write down, and what fits it.</summary>
[Trait("Req", "EXEC-10")]
public sealed class HostFormTests
{
    [Theory]
    [InlineData("/usr/bin/git -c {text} push {name}")]
    [InlineData("/usr/bin/git ls-remote [--upload-pack=x] {name}")]
    [InlineData("/usr/bin/tar --checkpoint-action=exec=x -cf {path} {path}")]
    [InlineData("/usr/bin/find {path} -exec {text}")]
    [InlineData("/usr/bin/env {text}")]
    [InlineData("/bin/sh -c {text}")]
    [InlineData("/usr/bin/sudo {text}")]
    [InlineData("/usr/bin/git push --force {name} {name}")]
    [InlineData("git push {name}")]
    [InlineData("/usr/bin/../bin/git push {name}")]
    [InlineData("/usr/bin/git push $(id)")]
    [InlineData("/usr/bin/git push {name}* {name}")]
    [InlineData("/usr/bin/git push {anything}")]
    public void A_form_that_starts_more_than_its_program_is_refused_when_it_is_read(string form) =>
        Assert.Equal(
            "host.form_invalid",
            Assert.Throws<ProblemException>(() => HostCommandForm.Parse(form)).Problem.Code);

    [Theory]
    [InlineData("/usr/bin/git push {name} {name}", "push origin topic", true)]
    [InlineData("/usr/bin/git push {name} {name}", "push origin +topic", false)]
    [InlineData("/usr/bin/git push {name} {name}", "push origin :topic", false)]
    [InlineData("/usr/bin/git push {name} {name}", "push --force origin", false)]
    [InlineData("/usr/bin/git push {name} {name}", "push ext::sh x", false)]
    [InlineData("/usr/bin/git push {name} {name}", "push origin topic more", false)]
    [InlineData("/usr/bin/git push {name} {name}", "push origin", false)]
    [InlineData("/usr/bin/git show {name} {path}", "show HEAD ../x", false)]
    [InlineData("/usr/bin/git show {name} {path}", "show HEAD /etc/x", false)]
    [InlineData("/usr/bin/git show {name} {path}", "show HEAD .git/config", false)]
    [InlineData("/usr/bin/wc [-l] {path}*", "-l a b/c", true)]
    [InlineData("/usr/bin/wc [-l] {path}*", "a", true)]
    [InlineData("/usr/bin/wc [-l] {path}*", "a -l", false)]
    [InlineData("/usr/bin/head -n {number} {path}", "-n 12 a", true)]
    [InlineData("/usr/bin/head -n {number} {path}", "-n x a", false)]
    public void Only_arguments_of_the_shape_fit(string form, string arguments, bool fits) =>
        Assert.Equal(fits, HostCommandForm.Parse(form).Fits(arguments.Split(' ')));
}
