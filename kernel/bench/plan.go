package bench

// order is the order in which n benchmarks have their turns in a round. From
// round to round each comes at another place and after another one, and in n rounds
// (2n when n is odd) each follows each other one equally often; so what one leaves
// behind, a warm processor or a full cache, meets all others alike.
// (E. J. Williams: Experimental designs balanced for the estimation of residual
// effects of treatments, Australian Journal of Scientific Research A 2 (1949).)
func order(n, round int) []int {
	turns := make([]int, n)
	for i := range turns {
		// 0, 1, n-1, 2, n-2, …, each moved on by the round.
		step := (i + 1) / 2
		if i%2 == 0 {
			step = n - i/2
		}
		turns[i] = (step + round) % n
	}
	if n%2 == 1 && round/n%2 == 1 {
		for i, j := 0, n-1; i < j; i, j = i+1, j-1 {
			turns[i], turns[j] = turns[j], turns[i]
		}
	}
	return turns
}
