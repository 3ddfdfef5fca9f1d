package kerneltest

import (
	"context"
	"strings"
	"time"

	"github.com/chanbook/chanbook/kernel/wire"
)

// subscriptionTime is how long Ready waits for a publication before it asks
// again: until the kernel has taken note of the subscription, they are lost.
const subscriptionTime = 200 * time.Millisecond

// ExecuteReply is the reply to an execute_request, whatever its status.
type ExecuteReply struct {
	Status          string                    `json:"status"`
	ExecutionCount  *int                      `json:"execution_count"`
	Payload         []wire.Payload            `json:"payload"`
	UserExpressions map[string]map[string]any `json:"user_expressions"`
	wire.Failure
}

// Execution is what came of a cell.
type Execution struct {
	ID        string
	Reply     ExecuteReply
	Published []*wire.Message // between busy and idle
}

// Run runs a cell and waits for its end.
func (c *Client) Run(ctx context.Context, code string) (*Execution, error) {
	return c.RunRequest(ctx, wire.ExecuteRequestContent{Code: code})
}

// RunRequest runs a cell and waits for its end.
func (c *Client) RunRequest(ctx context.Context, content wire.ExecuteRequestContent) (*Execution, error) {
	id, err := c.Send(Shell, wire.ExecuteRequest, content)
	if err != nil {
		return nil, err
	}
	return c.Finish(ctx, id)
}

// Finish waits for the end of a cell that was sent before.
func (c *Client) Finish(ctx context.Context, id string) (*Execution, error) {
	e := &Execution{ID: id}
	if err := c.Reply(ctx, Shell, id, &e.Reply); err != nil {
		return nil, err
	}
	var err error
	e.Published, err = c.Published(ctx, id)
	return e, err
}

// Types are the types of what was published.
func (e *Execution) Types() []wire.Type {
	var types []wire.Type
	for _, m := range e.Published {
		types = append(types, m.Header.Type)
	}
	return types
}

// Text is what was written to a stream.
func (e *Execution) Text(stream string) string {
	var b strings.Builder
	for _, m := range e.Published {
		var content wire.StreamContent
		if m.Header.Type == wire.Stream && m.Decode(&content) == nil && content.Name == stream {
			b.WriteString(content.Text)
		}
	}
	return b.String()
}
