package supervisor

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

// MemoryVariable is the environment variable that sets the memory cap.
const MemoryVariable = "CHANBOOK_MEMORY"

// minMemory is the least cap with which a worker is of any use.
const minMemory = 64 << 20

// ErrMemorySyntax says how a memory cap is written.
var ErrMemorySyntax = errors.New("want a size such as 512MiB, 4GiB or 4GB, a share of the machine's memory such as 50%, or off")

// memoryLimit finds the cap from the option, the environment or the default.
func memoryLimit(option string) (int64, error) {
	from := "memory cap"
	if option == "" {
		option, from = os.Getenv(MemoryVariable), MemoryVariable
	}
	if option == "" {
		option = "50%"
	}
	limit, err := ParseMemory(option, machineMemory())
	if err != nil {
		return 0, fmt.Errorf("%s: %w", from, err)
	}
	return limit, nil
}

// ParseMemory reads a memory cap and returns it in bytes, 0 for none. A share
// is one of machine, the memory that is there, in bytes; 0 is unknown, and
// leaves a share without effect.
func ParseMemory(text string, machine int64) (int64, error) {
	text = strings.TrimSpace(text)
	if strings.EqualFold(text, "off") {
		return 0, nil
	}
	digits := strings.TrimRight(text, "%KMGTiBkgtmb ")
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || number <= 0 || math.IsInf(number, 0) || math.IsNaN(number) {
		return 0, fmt.Errorf("%q is not an amount of memory: %w", text, ErrMemorySyntax)
	}
	unit := strings.ToLower(strings.TrimSpace(text[len(digits):]))
	if unit == "%" {
		if number > 100 {
			return 0, fmt.Errorf("%q is more than there is: %w", text, ErrMemorySyntax)
		}
		if machine == 0 {
			return 0, nil
		}
		return max(minMemory, int64(number/100*float64(machine))), nil
	}
	factor, ok := units[unit]
	if !ok || number*factor > math.MaxInt64/2 {
		return 0, fmt.Errorf("%q is not an amount of memory: %w", text, ErrMemorySyntax)
	}
	if bytes := int64(number * factor); bytes >= minMemory {
		return bytes, nil
	}
	return 0, fmt.Errorf("%q is too little: at least %s are needed", text, size(minMemory))
}

var units = map[string]float64{
	"": 1, "b": 1,
	"k": 1 << 10, "kib": 1 << 10, "kb": 1e3,
	"m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
	"g": 1 << 30, "gib": 1 << 30, "gb": 1e9,
	"t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
}

// size writes an amount of memory for a person.
func size(bytes int64) string {
	if bytes >= 1<<30 {
		return strconv.FormatFloat(float64(bytes)/(1<<30), 'f', 1, 64) + " GiB"
	}
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 0, 64) + " MiB"
}
