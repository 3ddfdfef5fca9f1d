package sql

import (
	"chanbook/rt"
	"database/sql/driver"
)

func (n *Null[T]) Scan(value any) error {
	if value == nil {
		*n = Null[T]{}
		return nil
	}
	n.Valid = true
	return rt.AssignSQL(&n.V, value)
}

func (n Null[T]) Value() (driver.Value, error) {
	if n.Valid {
		return rt.ValueSQL(n.V)
	}
	return nil, nil
}
