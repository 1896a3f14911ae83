package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"
)

// ListenAndServe serves h on the TCP address addr (such as "localhost:8080")
// until ctx is done, then lets running requests finish for a few seconds. It
// returns nil after such a stop.
func ListenAndServe(ctx context.Context, addr string, h http.Handler) error {
	listener, err := Listen(ctx, addr)
	if err != nil {
		return err
	}
	return Serve(ctx, listener, h)
}

// Listen opens the TCP address addr. Whoever must know the port that ":0" chose
// calls Listen and [Serve] instead of [ListenAndServe].
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("address %s is in use by another program (choose another with --addr): %w", addr, err)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("address %s needs more rights (choose a port from 1024 with --addr): %w", addr, err)
	case err != nil:
		return nil, fmt.Errorf("address %q cannot be listened on (want host:port in --addr): %w", addr, err)
	}
	return listener, nil
}

// Serve is [ListenAndServe] on an open listener, which it closes.
func Serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		// Long enough for a large file on a slow line. A handler that streams
		// sets its own deadline through http.ResponseController.
		WriteTimeout:   5 * time.Minute,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
		// Requests see the end of ctx, so that streams end and do not hold up
		// the stop.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stopped := make(chan error, 1)
	release := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err := server.Shutdown(grace)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close() // requests that will not end are cut off
		}
		stopped <- err
	})
	err := server.Serve(listener)
	if release() {
		return err // it stopped by itself
	}
	return <-stopped
}
