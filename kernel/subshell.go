package kernel

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chanbook/chanbook/kernel/cell"
	"github.com/chanbook/chanbook/kernel/wire"
	"github.com/google/uuid"
)

// A subshell is a queue of requests beside the main shell: a front end uses one
// to be answered while a cell runs. Here all requests but cells are answered
// beside the running cell anyway, on every shell, so a subshell is little more
// than its name. A Go session runs one cell at a time, whoever sent it: a cell on
// a subshell therefore waits for its turn, and says so; only what does not touch
// the session, the command %goroutines, is answered at once.

// maxSubshells bounds the subshells of clients that never delete theirs.
const maxSubshells = 1024

// subshells are the names of the subshells, oldest first.
type subshells struct {
	mu  sync.Mutex
	ids []string
}

func (b *subshells) create() (id string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.ids) >= maxSubshells {
		return "", fmt.Errorf("there are %d subshells already: delete those that are not used", maxSubshells)
	}
	id = uuid.NewString()
	b.ids = append(b.ids, id)
	return id, nil
}

func (b *subshells) remove(id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := slices.Index(b.ids, id)
	if at < 0 {
		return unknownSubshell(id)
	}
	b.ids = slices.Delete(b.ids, at, at+1)
	return nil
}

func (b *subshells) list() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.ids...)
}

func (b *subshells) has(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Contains(b.ids, id)
}

func unknownSubshell(id string) error {
	return fmt.Errorf("there is no subshell %.40q: it was deleted, or is from before a restart of the kernel; open a new one", id)
}

func (s *Server) createSubshell(req *request) {
	id, err := s.subshells.create()
	if err != nil {
		s.refuse(req, wire.CreateSubshellReply, err)
		return
	}
	s.reply(req, wire.CreateSubshellReply, wire.CreateSubshellReplyContent{Status: wire.StatusOK, SubshellID: id})
}

// deleteSubshell forgets a subshell. Cells that were sent to it still run.
func (s *Server) deleteSubshell(req *request) {
	var q wire.DeleteSubshellRequestContent
	err := req.Decode(&q)
	if err == nil {
		err = s.subshells.remove(q.SubshellID)
	}
	if err != nil {
		s.refuse(req, wire.DeleteSubshellReply, err)
		return
	}
	s.reply(req, wire.DeleteSubshellReply, wire.OKContent{Status: wire.StatusOK})
}

func (s *Server) listSubshells(req *request) {
	s.reply(req, wire.ListSubshellReply, wire.ListSubshellReplyContent{Status: wire.StatusOK, SubshellID: s.subshells.list()})
}

// strayed tells whether a request is for a subshell that does not exist. Requests
// on control have no subshell, whatever they say. Comm messages have no reply that
// could say what is wrong, and are the same to us on every shell.
func (s *Server) strayed(req *request) bool {
	return req.Header.Subshell != "" && req.channel == s.sockets.Shell &&
		strings.HasSuffix(string(req.Header.Type), "_request") && !s.subshells.has(req.Header.Subshell)
}

// refuseStrayed answers a request for a subshell that does not exist.
func (s *Server) refuseStrayed(req *request) {
	err := unknownSubshell(req.Header.Subshell)
	if req.Header.Type == wire.ExecuteRequest {
		s.refuseCell(req, s.latest(), cell.Fail(cell.KernelError, err.Error()))
		return
	}
	name := strings.TrimSuffix(string(req.Header.Type), "_request")
	s.refuse(req, wire.Type(name+"_reply"), err)
}

// noteWaiting tells whoever sent a cell to a subshell that it waits, because
// there is little else to be seen of it.
func (s *Server) noteWaiting(req *request) {
	s.status.Lock()
	defer s.status.Unlock()
	r := s.status.running
	var content wire.ExecuteRequestContent
	if req.Header.Subshell == "" || r == nil || req.Decode(&content) != nil || content.Silent {
		return
	}
	s.publishStatus(wire.Busy, req)
	// Not on a stream: those are the cell's.
	note := fmt.Sprintf("In[%d] is running and this waits for its end. %s is answered at once.", r.number, dumpCommand)
	s.publish(wire.DisplayData, req, s.marshal(wire.DisplayContent{Data: cell.Text(note), Metadata: map[string]any{}}))
}
