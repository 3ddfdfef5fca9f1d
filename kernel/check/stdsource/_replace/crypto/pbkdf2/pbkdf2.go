package pbkdf2

import (
	"chanbook/rt"
	"hash"
)

func Key[Hash hash.Hash](h func() Hash, password string, salt []byte, iter, keyLength int) ([]byte, error) {
	return rt.PBKDF2Key(func() hash.Hash { return h() }, password, salt, iter, keyLength)
}
