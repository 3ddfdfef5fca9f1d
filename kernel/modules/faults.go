package modules

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Kinds of faults.
const (
	Unreachable    = "unreachable"     // the network, the proxy, or the checksum database
	UnknownModule  = "unknown module"  // nobody has it
	UnknownVersion = "unknown version" // the module is there, the version is not
	NoPackage      = "no package"      // the module has no package of that path
	NewerGo        = "newer Go"        // it needs a newer Go than this one
	Checksum       = "checksum"        // its content is not what it was or should be
	NotVendored    = "not vendored"    // the vendor folder has it not, or not so
	NotCompiled    = "not compiled"    // nothing of it compiles
	Other          = "other"
)

// A Fault is why modules could not be got. Its text is for who asked for them.
type Fault struct {
	Kind   string
	Text   string
	Detail string // what the go command wrote
}

func (f *Fault) Error() string { return f.Text }

var (
	needsGo    = pattern(`(\S+) requires go >= (\S+) \(running (go \S+?);`)
	notFoundIn = pattern(`module (\S+) found(?: \([^)]*\))?, but does not contain package (\S+)`)
	named      = pattern(`([^\s:@"/]+\.[^\s:@"]+)(@[^\s:]+)?: (?:reading|module|Get|invalid|verifying|no matching|unrecognized|git|unknown|cannot)`)
	offline    = pattern(`dial tcp|no such host|connection refused|network is unreachable|i/o timeout|TLS handshake|connection reset|proxyconnect|Could not resolve host|x509:|50[0-9] [A-Z]|context deadline exceeded`)
	missing    = pattern(`no such file or directory|cannot find the file|cannot find the path|404 Not Found|410 Gone|not found|unknown revision|invalid version|no matching versions|unrecognized import path|could not read Username`)
)

// pattern compiles an expression when it is first used: most processes never do.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// explain makes a Fault of what the go command wrote.
func (t *trial) explain(ctx context.Context, wants []Want, err error) error {
	failed, ok := errors.AsType[*goError](err)
	if !ok {
		return err
	}
	fault := &Fault{Kind: Other, Detail: failed.output}
	who := culprit(failed.output, wants)
	switch out := failed.output; {
	case needsGo().MatchString(out):
		m := needsGo().FindStringSubmatch(out)
		fault.Kind = NewerGo
		fault.Text = fmt.Sprintf("%s needs Go %s, and this is %s: install a newer Go, or ask for an earlier version of the module", m[1], m[2], strings.Replace(m[3], "go ", "Go ", 1))
	case notFoundIn().MatchString(out):
		m := notFoundIn().FindStringSubmatch(out)
		fault.Kind = NoPackage
		fault.Text = fmt.Sprintf("module %s has no package %s", m[1], m[2])
	case strings.Contains(out, "checksum mismatch"), strings.Contains(out, "SECURITY ERROR"):
		fault.Kind = Checksum
		fault.Text = fmt.Sprintf("%s is not what it was when its checksum was written down: somebody has changed the version, or the proxy gives something else. Nothing of it was used", who)
	case strings.Contains(out, "GOPROXY=off"), strings.Contains(out, "GOPROXY list is not the empty string"), strings.Contains(out, "disabled by GOFLAGS"):
		fault.Kind = Unreachable
		fault.Text = fmt.Sprintf("%s is not in the module cache, and GOPROXY=off forbids to look elsewhere. %s", who, withoutNetwork)
	case offline().MatchString(out) && !strings.Contains(out, "unrecognized import path"):
		fault.Kind = Unreachable
		fault.Text = fmt.Sprintf("%s: %s cannot be reached. %s", who, t.source(ctx, out), withoutNetwork)
	case missing().MatchString(out):
		t.absent(ctx, fault, who, wants)
	default:
		fault.Text = fmt.Sprintf("the go command could not get %s", who)
	}
	return fault
}

// withoutNetwork says what can be done where there is no network.
const withoutNetwork = "Without a network, a module cache that somebody has filled will do: before the kernel starts, set GOPROXY=file:///FOLDER/cache/download (FOLDER is what go env GOMODCACHE prints there) " +
	"and GOSUMDB=off; or set GOFLAGS=-mod=vendor and keep the notebooks in a module with a vendor folder"

// source names what could not be reached.
func (t *trial) source(ctx context.Context, out string) string {
	if strings.Contains(out, "verifying ") && !strings.Contains(out, "/@v/") {
		return "the checksum database"
	}
	proxy, err := t.command(ctx, nil, "env", "GOPROXY")
	if err != nil || len(proxy) == 0 {
		return "the network"
	}
	return "the module proxy (GOPROXY=" + strings.TrimSpace(string(proxy)) + ")"
}

// culprit is the module that the go command complains of, as path@version if it
// says which.
func culprit(out string, wants []Want) string {
	m := named().FindStringSubmatch(out)
	if m == nil {
		if len(wants) == 1 {
			return wants[0].String()
		}
		return "one of the modules"
	}
	for _, w := range wants {
		if w.Path == m[1] && m[2] == "" && w.Version != "latest" {
			return w.String()
		}
	}
	return m[1] + m[2]
}

// forWhom says who needs a module that nobody asked for.
func forWhom(path string, wants []Want) string {
	var names []string
	for _, w := range wants {
		if path == w.Path || strings.HasPrefix(w.Path, path+"/") {
			return ""
		}
		names = append(names, w.Path)
	}
	return ", which is needed for " + strings.Join(names, " or ")
}

// absent tells an unknown version from an unknown module.
func (t *trial) absent(ctx context.Context, fault *Fault, who string, wants []Want) {
	path, version, _ := strings.Cut(who, "@")
	whom := forWhom(path, wants)
	out, err := t.run(ctx, nil, "list", "-m", "-versions", "-f", "{{join .Versions \" \"}}", path)
	versions := strings.Fields(string(out))
	if err != nil || len(versions) == 0 || version == "" {
		fault.Kind = UnknownModule
		fault.Text = fmt.Sprintf("there is no module %s%s. Look for a mistake in the path; it ends in /v2 where the version begins with v2, and so on", path, whom)
		return
	}
	fault.Kind = UnknownVersion
	fault.Text = fmt.Sprintf("module %s has no version %s%s; it has %s", path, version, whom, latest(versions))
}

// latest names the last ones of versions.
func latest(versions []string) string {
	const most = 8
	if len(versions) <= most {
		return strings.Join(versions, ", ")
	}
	return "… " + strings.Join(versions[len(versions)-most:], ", ")
}
