// Package program makes Go source of a cell that the toolchain can compile, and
// finds the way back from what the tools say to the cell.
//
// Make takes a cell as people write it:
//
//   - a whole program, with a package clause; several files of it stand behind one
//     another, each with its clause;
//   - imports, declarations and func main, without the clause;
//   - declarations and statements mixed: the statements are the body of main;
//   - declarations alone, which can be kept for later cells.
//
// The compiler is given the cell's own text, piece by piece, each under a //line
// directive that names its line and column in the cell. So errors, panics, race
// reports and traces need no table to be understood: Place reads what they name,
// Diagnose makes diagnostics of it. The program does not know the number of its
// cell; it calls itself Self.
//
// What is added to the cell:
//
//   - Imports for names that are used like packages and that nothing declares. In
//     a cell without a package clause, imports that nothing uses are left out, as
//     interpreted cells allow them. A whole program's are left alone.
//   - Of the kept cells the declarations that the cell needs, directly or through
//     each other, and does not declare itself: Options.Kept. A type comes with its
//     methods, constants that depend on each other come together, and with
//     anything of a cell come its init functions and variables without a name.
//     Variables begin anew; x := … counts as var x = ….
//   - func main around the statements. What becomes of variables that declared
//     functions use is described at plan.
//
// Nothing else is changed, and nothing is checked that the compiler checks.
//
// The package knows package check, for the syntax of cells. It does not run
// anything, knows no folders, and starts no goroutine.
package program
