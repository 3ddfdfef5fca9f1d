package kernel

import (
	"runtime"
	"strings"

	"github.com/chanbook/chanbook/kernel/wire"
)

// Info is what the kernel says of itself.
type Info struct {
	Version   string // of Chanbook
	Banner    string // shown by consoles at the start
	HelpLinks []wire.HelpLink
}

func (s *Server) kernelInfo(req *request) {
	s.reply(req, wire.KernelInfoReply, s.config.Info.reply())
}

func (i Info) reply() wire.KernelInfoReplyContent {
	links := i.HelpLinks
	if links == nil {
		links = []wire.HelpLink{}
	}
	return wire.KernelInfoReplyContent{
		Status:                wire.StatusOK,
		ProtocolVersion:       wire.Version,
		Implementation:        "chanbook",
		ImplementationVersion: i.Version,
		LanguageInfo: wire.LanguageInfo{
			Name: "go", Version: goVersion(), MIMEType: "text/x-go", FileExtension: ".go",
			PygmentsLexer: "go", CodeMirrorMode: "go",
			NBConvertExporter: "script", // nbconvert's exporter for languages that have none of their own
		},
		Banner:            i.Banner,
		HelpLinks:         links,
		SupportedFeatures: []string{wire.SubshellsFeature},
	}
}

// goVersion is the version of the Go that runs the kernel, such as 1.26.8.
func goVersion() string {
	version, _, _ := strings.Cut(runtime.Version(), " ") // experiments follow a space
	return strings.TrimPrefix(version, "go")
}

func (s *Server) connect(req *request) {
	bound := s.sockets.Bound()
	s.reply(req, wire.ConnectReply, wire.ConnectReplyContent{
		Status: wire.StatusOK, ShellPort: bound.ShellPort, IOPubPort: bound.IOPubPort,
		StdinPort: bound.StdinPort, ControlPort: bound.ControlPort, HeartbeatPort: bound.HeartbeatPort,
	})
}
