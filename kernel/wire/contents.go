package wire

// Type is the type of a message.
type Type string

// The message types that a kernel meets.
const (
	KernelInfoRequest Type = "kernel_info_request"
	KernelInfoReply   Type = "kernel_info_reply"
	ConnectRequest    Type = "connect_request"
	ConnectReply      Type = "connect_reply"
	ExecuteRequest    Type = "execute_request"
	ExecuteReply      Type = "execute_reply"
	CompleteRequest   Type = "complete_request"
	CompleteReply     Type = "complete_reply"
	InspectRequest    Type = "inspect_request"
	InspectReply      Type = "inspect_reply"
	IsCompleteRequest Type = "is_complete_request"
	IsCompleteReply   Type = "is_complete_reply"
	HistoryRequest    Type = "history_request"
	HistoryReply      Type = "history_reply"
	CommInfoRequest   Type = "comm_info_request"
	CommInfoReply     Type = "comm_info_reply"
	CommOpen          Type = "comm_open"
	CommMsg           Type = "comm_msg"
	CommClose         Type = "comm_close"
	InterruptRequest  Type = "interrupt_request"
	InterruptReply    Type = "interrupt_reply"
	ShutdownRequest   Type = "shutdown_request"
	ShutdownReply     Type = "shutdown_reply"
	InputRequest      Type = "input_request"
	InputReply        Type = "input_reply"

	// Kernels that list SubshellsFeature know these.
	CreateSubshellRequest Type = "create_subshell_request"
	CreateSubshellReply   Type = "create_subshell_reply"
	DeleteSubshellRequest Type = "delete_subshell_request"
	DeleteSubshellReply   Type = "delete_subshell_reply"
	ListSubshellRequest   Type = "list_subshell_request"
	ListSubshellReply     Type = "list_subshell_reply"

	// These are Chanbook's own. No other kernel knows them.
	GoroutinesRequest Type = "goroutines_request"
	GoroutinesReply   Type = "goroutines_reply"

	Status            Type = "status"
	Stream            Type = "stream"
	DisplayData       Type = "display_data"
	UpdateDisplayData Type = "update_display_data"
	ExecuteInput      Type = "execute_input"
	ExecuteResult     Type = "execute_result"
	ErrorOutput       Type = "error"
	ClearOutput       Type = "clear_output"
	IOPubWelcome      Type = "iopub_welcome"
)

// The values of StatusContent.State.
const (
	Starting = "starting"
	Busy     = "busy"
	Idle     = "idle"
)

// The status of a reply.
const (
	StatusOK    = "ok"
	StatusError = "error"
)

// ExecuteRequestContent asks for a cell to be run. StoreHistory is nil where
// the client leaves it out, which means: unless Silent. StopOnError is nil
// where it is left out, which means true.
type ExecuteRequestContent struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    *bool             `json:"store_history,omitempty"`
	UserExpressions map[string]string `json:"user_expressions,omitempty"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     *bool             `json:"stop_on_error,omitempty"`
}

// Failure is the part of a reply or an output that tells of an error.
type Failure struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// ErrorReplyContent is the reply to a request that failed.
type ErrorReplyContent struct {
	Status string `json:"status"` // StatusError
	Failure
}

// ExecuteReplyContent is the reply to a cell that ended well.
type ExecuteReplyContent struct {
	Status          string         `json:"status"` // StatusOK
	ExecutionCount  int            `json:"execution_count"`
	Payload         []Payload      `json:"payload"`
	UserExpressions map[string]any `json:"user_expressions"` // ExpressionContent or ErrorReplyContent
}

// ExecuteErrorContent is the reply to a cell that failed or was not run.
type ExecuteErrorContent struct {
	Status         string `json:"status"` // StatusError
	ExecutionCount int    `json:"execution_count"`
	Failure
	Payload         []Payload      `json:"payload"`
	UserExpressions map[string]any `json:"user_expressions"`
}

// ExpressionContent is the value of a user expression.
type ExpressionContent struct {
	Status   string         `json:"status"` // StatusOK
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// Payload asks the front end for something beside output.
type Payload struct {
	Source  string         `json:"source"` // "page" or "set_next_input"
	Data    map[string]any `json:"data,omitempty"`
	Start   *int           `json:"start,omitempty"`
	Text    *string        `json:"text,omitempty"`
	Replace *bool          `json:"replace,omitempty"`
}

// CompleteRequestContent asks for completions at a cursor, which is an offset in
// Unicode code points.
type CompleteRequestContent struct {
	Code      string `json:"code"`
	CursorPos int    `json:"cursor_pos"`
}

// CompleteReplyContent lists completions of the text between two offsets in
// Unicode code points.
type CompleteReplyContent struct {
	Status      string         `json:"status"`
	Matches     []string       `json:"matches"`
	CursorStart int            `json:"cursor_start"`
	CursorEnd   int            `json:"cursor_end"`
	Metadata    map[string]any `json:"metadata"`
}

// CompletionItem describes one of the matches. The items stand in the metadata
// under TypesKey, in the order of the matches.
type CompletionItem struct {
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature,omitempty"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
}

// TypesKey is where JupyterLab looks for the CompletionItems of a reply.
const TypesKey = "_jupyter_types_experimental"

// InspectRequestContent asks what stands at a cursor, which is an offset in
// Unicode code points.
type InspectRequestContent struct {
	Code        string `json:"code"`
	CursorPos   int    `json:"cursor_pos"`
	DetailLevel int    `json:"detail_level"`
}

// InspectReplyContent describes what stands at a cursor.
type InspectReplyContent struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// IsCompleteRequestContent asks whether a text is a whole cell.
type IsCompleteRequestContent struct {
	Code string `json:"code"`
}

// IsCompleteReplyContent says whether a text is a whole cell: "complete",
// "incomplete", "invalid" or "unknown".
type IsCompleteReplyContent struct {
	Status string `json:"status"`
	Indent string `json:"indent,omitempty"`
}

// HistoryRequestContent asks for earlier cells. AccessType is "tail", "range"
// or "search".
type HistoryRequestContent struct {
	Output     bool   `json:"output"`
	Raw        bool   `json:"raw"`
	AccessType string `json:"hist_access_type"`
	Session    int    `json:"session"`
	Start      int    `json:"start"`
	Stop       *int   `json:"stop"`
	N          *int   `json:"n"`
	Pattern    string `json:"pattern"`
	Unique     bool   `json:"unique"`
}

// HistoryReplyContent lists earlier cells: [session, number, input], or with
// output [session, number, [input, output]].
type HistoryReplyContent struct {
	Status  string   `json:"status"`
	History [][3]any `json:"history"`
}

// CommInfoRequestContent asks for the open comms.
type CommInfoRequestContent struct {
	TargetName string `json:"target_name,omitempty"`
}

// CommInfoReplyContent lists the open comms by their identity.
type CommInfoReplyContent struct {
	Status string         `json:"status"`
	Comms  map[string]any `json:"comms"`
}

// CommTarget is the entry of an open comm in CommInfoReplyContent.Comms.
type CommTarget struct {
	TargetName string `json:"target_name"`
}

// CommContent is the content of comm_open, comm_msg and comm_close.
type CommContent struct {
	CommID     string `json:"comm_id"`
	TargetName string `json:"target_name,omitempty"`
	Data       any    `json:"data"` // an object
}

// ShutdownContent is the content of shutdown_request and, with a status, of
// shutdown_reply.
type ShutdownContent struct {
	Status  string `json:"status,omitempty"`
	Restart bool   `json:"restart"`
}

// GoroutinesTarget is the target of comms over which a front end asks for dumps
// of goroutines. The data of its comm_open and of each comm_msg is a
// GoroutinesRequestContent; each is answered by a comm_msg whose data is a
// GoroutinesReplyContent or an ErrorReplyContent. A comm_msg without a filter
// repeats the last one.
const GoroutinesTarget = "chanbook.goroutines"

// GoroutinesRequestContent asks for a dump of the goroutines of user code, also
// while a cell runs. The filter is what may stand behind the command %goroutines;
// it may be left out.
type GoroutinesRequestContent struct {
	Filter *string `json:"filter,omitempty"`
}

// GoroutinesReplyContent is the dump, in the form of a display. A filter that is
// not understood is answered by an ErrorReplyContent.
type GoroutinesReplyContent struct {
	Status   string         `json:"status"` // StatusOK
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// SubshellsFeature stands in KernelInfoReplyContent.SupportedFeatures of kernels
// that have subshells: queues of requests beside the main one. The header of a
// request names the one to which it goes.
const SubshellsFeature = "kernel subshells"

// CreateSubshellReplyContent names a new subshell.
type CreateSubshellReplyContent struct {
	Status     string `json:"status"` // StatusOK
	SubshellID string `json:"subshell_id"`
}

// DeleteSubshellRequestContent names the subshell to be deleted.
type DeleteSubshellRequestContent struct {
	SubshellID string `json:"subshell_id"`
}

// ListSubshellReplyContent names the subshells, oldest first.
type ListSubshellReplyContent struct {
	Status     string   `json:"status"` // StatusOK
	SubshellID []string `json:"subshell_id"`
}

// OKContent is a reply that says no more than that the request was carried out.
type OKContent struct {
	Status string `json:"status"` // StatusOK
}

// ConnectReplyContent lists the ports of the kernel.
type ConnectReplyContent struct {
	Status        string `json:"status"`
	ShellPort     int    `json:"shell_port"`
	IOPubPort     int    `json:"iopub_port"`
	StdinPort     int    `json:"stdin_port"`
	ControlPort   int    `json:"control_port"`
	HeartbeatPort int    `json:"hb_port"`
}

// KernelInfoReplyContent describes the kernel and its language.
type KernelInfoReplyContent struct {
	Status                string       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"`
	HelpLinks             []HelpLink   `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"`
}

// LanguageInfo describes the kernel's language to front ends and exporters.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer"`
	CodeMirrorMode    string `json:"codemirror_mode"`
	NBConvertExporter string `json:"nbconvert_exporter"`
}

// HelpLink is an entry of the front end's Help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// InputRequestContent asks the person for a line.
type InputRequestContent struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

// InputReplyContent is the line.
type InputReplyContent struct {
	Value string `json:"value"`
}

// StatusContent tells what the kernel does.
type StatusContent struct {
	State string `json:"execution_state"`
}

// StreamContent is text of a standard stream.
type StreamContent struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// DisplayContent is the content of display_data and update_display_data.
type DisplayContent struct {
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Transient Transient      `json:"transient"`
}

// Transient is what belongs to a display but is not stored in the notebook.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"`
}

// ExecuteInputContent shows a cell to all clients before it runs.
type ExecuteInputContent struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// ExecuteResultContent is the value of a cell.
type ExecuteResultContent struct {
	ExecutionCount int            `json:"execution_count"`
	Data           map[string]any `json:"data"`
	Metadata       map[string]any `json:"metadata"`
}

// ClearOutputContent removes the outputs of a cell.
type ClearOutputContent struct {
	Wait bool `json:"wait"`
}

// WelcomeContent tells a subscriber that its subscription has arrived.
type WelcomeContent struct {
	Subscription string `json:"subscription"`
}
