package kernel

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/chanbook/chanbook/kernel/wire"
)

// A comm is a channel between a widget of the front end and code of the kernel.
// Chanbook has one target for them, wire.GoroutinesTarget. What a front end opens
// to another one is closed at once, so that it does not wait for ever.

const (
	// maxComms bounds the comms of clients that never close theirs; the oldest
	// goes when one more is opened.
	maxComms = 64
	// maxCommID bounds the length of a comm's name, in bytes.
	maxCommID = 256
)

// comms are the open comms, oldest first, each with its latest filter.
type comms struct {
	mu   sync.Mutex
	open []comm
}

type comm struct{ id, filter string }

// add opens a comm and returns the one that had to go for it, or "".
func (c *comms) add(id, filter string) (evicted string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = slices.DeleteFunc(c.open, func(o comm) bool { return o.id == id })
	if len(c.open) >= maxComms {
		evicted = c.open[0].id
		c.open = slices.Delete(c.open, 0, 1)
	}
	c.open = append(c.open, comm{id, filter})
	return evicted
}

// filter returns the filter of a comm, after setting it if a new one is given.
func (c *comms) filter(id string, set *string) (filter string, open bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.IndexFunc(c.open, func(o comm) bool { return o.id == id })
	if at < 0 {
		return "", false
	}
	if set != nil {
		c.open[at].filter = *set
	}
	return c.open[at].filter, true
}

func (c *comms) remove(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = slices.DeleteFunc(c.open, func(o comm) bool { return o.id == id })
}

func (c *comms) list() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make(map[string]any, len(c.open))
	for _, o := range c.open {
		list[o.id] = wire.CommTarget{TargetName: wire.GoroutinesTarget}
	}
	return list
}

func (s *Server) commInfo(req *request) {
	var q wire.CommInfoRequestContent
	list := map[string]any{}
	if err := req.Decode(&q); err != nil || q.TargetName == "" || q.TargetName == wire.GoroutinesTarget {
		list = s.comms.list()
	}
	s.reply(req, wire.CommInfoReply, wire.CommInfoReplyContent{Status: wire.StatusOK, Comms: list})
}

// commRequest is what comm_open and comm_msg say. Data is read later, because
// that of other targets may be anything.
type commRequest struct {
	ID         string          `json:"comm_id"`
	TargetName string          `json:"target_name"`
	Data       json.RawMessage `json:"data"`
}

// dispatchComm takes note of a comm_open or comm_msg in the order in which they
// come; the dump that they ask for follows.
func (s *Server) dispatchComm(req *request) {
	var c commRequest
	if err := req.Decode(&c); err != nil || c.ID == "" || len(c.ID) > maxCommID {
		s.answer(req, (*Server).dropComm)
		return
	}
	opens := req.Header.Type == wire.CommOpen
	_, known := s.comms.filter(c.ID, nil)
	if opens && c.TargetName != wire.GoroutinesTarget || !opens && !known {
		s.answer(req, func(s *Server, req *request) { s.closeComm(req, c.ID) })
		return
	}
	filter, wrong := commFilter(c.Data)
	evicted := ""
	if opens {
		evicted = s.comms.add(c.ID, "")
	}
	words, _ := s.comms.filter(c.ID, filter)
	s.askDump(req, func(s *Server, req *request, refused error) {
		if evicted != "" {
			s.closeComm(req, evicted)
		}
		if _, open := s.comms.filter(c.ID, nil); open {
			s.publishComm(req, c.ID, words, errors.Join(wrong, refused))
		}
	})
}

// commFilter reads the data of a comm message. Data that is left out asks for
// everything.
func commFilter(data json.RawMessage) (*string, error) {
	var q wire.GoroutinesRequestContent
	if data = bytes.TrimSpace(data); len(data) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(data, &q); err != nil {
		return nil, errors.New(`the data of a comm for goroutines is an object with a text "filter", or without one: ` + err.Error())
	}
	if q.Filter == nil {
		return nil, nil
	}
	if err := checkFilter(*q.Filter); err != nil {
		return nil, err
	}
	return q.Filter, nil
}

// publishComm answers over a comm.
func (s *Server) publishComm(req *request, id, words string, refused error) {
	s.publish(wire.CommMsg, req, s.marshal(wire.CommContent{CommID: id, Data: s.goroutinesReply(words, refused)}))
}

// dropComm leaves a comm message without an answer: it does not say to which comm
// it belongs.
func (s *Server) dropComm(req *request) {
	s.codec.Drops().Add(wire.Unexpected)
	s.log.Warn("a comm message without a usable comm_id", "type", req.Header.Type)
}

func (s *Server) closeComm(req *request, id string) {
	s.publish(wire.CommClose, req, s.marshal(wire.CommContent{CommID: id, Data: map[string]any{}}))
}

// commClosed takes note that the front end has closed a comm.
func (s *Server) commClosed(req *request) {
	var c commRequest
	if err := req.Decode(&c); err == nil {
		s.comms.remove(c.ID)
	}
}
