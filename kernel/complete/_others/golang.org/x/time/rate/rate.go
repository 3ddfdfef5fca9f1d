// Package rate limits how often something happens, with a token bucket: it holds
// some tokens, is refilled at a steady rate, and each event takes one.
package rate

// A Limit is a rate in events per second. At 0 there are none.
type Limit float64

// Inf is the rate without a limit.
const Inf = Limit(math.MaxFloat64)

// Every is the rate of one event in each interval.
func Every(interval time.Duration) Limit

// InfDuration is the delay of a reservation that cannot be had.
const InfDuration = time.Duration(math.MaxInt64)

// A Limiter is a token bucket. It starts full. An event that finds no token is
// refused by Allow, delayed by Wait, and told by Reserve how long to wait. The
// zero value refuses every event. A Limiter may be used by several goroutines.
type Limiter struct{}

// NewLimiter makes a limiter that is refilled at the rate r, in tokens per second,
// and holds at most b tokens, so that b events may happen at once.
func NewLimiter(r Limit, b int) *Limiter

// Allow reports whether an event may happen now, and takes its token if so.
func (lim *Limiter) Allow() bool

// AllowN reports whether n events may happen at the time t, and takes their
// tokens if so.
func (lim *Limiter) AllowN(t time.Time, n int) bool

// Wait blocks until an event may happen; see WaitN.
func (lim *Limiter) Wait(ctx context.Context) (err error)

// WaitN blocks until n events may happen. It returns an error when ctx is done
// before, at once when its deadline would pass first, and when n is more than the
// limiter can hold.
func (lim *Limiter) WaitN(ctx context.Context, n int) (err error)

// Reserve takes a token now or in advance; see ReserveN.
func (lim *Limiter) Reserve() *Reservation

// ReserveN takes n tokens, in advance where they are not there yet. The
// reservation tells how long to wait before the events. It is not OK when n is
// more than the limiter can hold.
func (lim *Limiter) ReserveN(t time.Time, n int) *Reservation

// Burst is how many tokens the limiter can hold.
func (lim *Limiter) Burst() int

// Limit is the rate at which the limiter is refilled.
func (lim *Limiter) Limit() Limit

// Tokens is how many tokens there are now: less than 0 when some are taken in
// advance.
func (lim *Limiter) Tokens() float64

// TokensAt is how many tokens there are at the time t.
func (lim *Limiter) TokensAt(t time.Time) float64

// SetBurst changes how many tokens the limiter can hold.
func (lim *Limiter) SetBurst(newBurst int)

// SetBurstAt changes, from the time t on, how many tokens the limiter can hold.
func (lim *Limiter) SetBurstAt(t time.Time, newBurst int)

// SetLimit changes the rate. Reservations that were made before keep their times.
func (lim *Limiter) SetLimit(newLimit Limit)

// SetLimitAt changes the rate from the time t on.
func (lim *Limiter) SetLimitAt(t time.Time, newLimit Limit)

// A Reservation is a permission for events after a delay.
type Reservation struct{}

// OK reports whether the limiter grants the events at all.
func (r *Reservation) OK() bool

// Delay is how long to wait from now: 0 when the events may happen at once,
// InfDuration when the reservation is not OK.
func (r *Reservation) Delay() time.Duration

// DelayFrom is how long to wait from the time t.
func (r *Reservation) DelayFrom(t time.Time) time.Duration

// Cancel gives the tokens back, as far as later reservations do not rest on them.
func (r *Reservation) Cancel()

// CancelAt gives the tokens back at the time t.
func (r *Reservation) CancelAt(t time.Time)

// A Sometimes calls a function now and then, whenever one of its fields says so.
// The zero value calls it once.
type Sometimes struct {
	First    int           // the first so many calls of Do
	Every    int           // each so many calls of Do, beginning with the first
	Interval time.Duration // when so much time has passed since it was last called
}

// Do calls f if it is its turn. The first Do always does. Calls from several
// goroutines run one after the other; f must not call Do.
func (s *Sometimes) Do(f func())
