// Package show displays pictures, tables and formatted text below a cell. Cells
// import it as "chanbook/show":
//
//	show.Markdown("**Done** in *two* steps")
//	show.Table([]Worker{{"ada", 3}, {"bob", 5}})
//
// Each function displays at once, where it is called, and returns a handle with
// which the same place can be changed later:
//
//	d := show.Text("0 of 3")
//	for i := range 3 {
//		work(i)
//		d.Update(fmt.Sprintf("%d of 3", i+1))
//	}
//
// # How a value is shown
//
// [Value], and the kernel for the last expression of a cell, show a value with
// the first of these rules that fits:
//
//   - nil is not shown, nor is a *Display or another value of this package that was
//     shown when it was made. Nor is a struct{}: a cell often ends by receiving one, as in <-done, and it says nothing.
//   - A type with one or more of the methods HTML() string, Markdown() string,
//     SVG() string and PNG() []byte is shown in each of these forms; the front
//     end takes the one that it prefers.
//   - An image.Image is shown as a PNG picture.
//   - A string is shown as it is, without quotes.
//   - A function is shown as its type and a channel as its type and how full it is, because
//     fmt prints no more than an address for them.
//   - An error, a fmt.Stringer or a fmt.Formatter is shown as fmt prints it with %v, and
//     everything else with %+v. So the text is what fmt.Println prints, but for
//     the names of struct fields, which are added.
//
// Of a value with very many elements only the first are printed, with a note of
// how many are missing, and a value that contains itself is printed once.
//
// # Where it is shown
//
// The package does not know who displays its messages. A host such as the
// kernel registers itself with [Connect]. In a compiled cell the host is another
// process, to which the program has a connection of its own. Without a host, in a
// program that is run by "go run", the text form is printed to standard output.
//
// Everything that the package itself draws is text/html with inline styles, its
// own colours and no script, with a complete text/plain form beside it. So it
// survives export, viewers that allow no scripts, and dark themes.
//
// # What goroutines do
//
// [Goroutines] and [Leaks] show what the goroutines of the cells do, [Watch] shows
// it while they run, and [Wait] waits for those of the calling cell. They ask the
// host, which registers itself with [ConnectInstruments], because a program
// cannot know this of itself. Without a host, and in a compiled cell, each does what
// can be done, and says what is missing.
//
// # Goroutines of the package
//
// All functions may be called from several goroutines at once. A [ProgressBar]
// has a goroutine of its own while it holds an update back, and a [Watcher] has
// one until it is stopped. No other goroutine is started.
package show
