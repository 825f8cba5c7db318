"""Doing things at the same moment."""

import threading


def together(*tasks):
    """Start functions with their arguments at one moment, in a thread each; return their results.

    What one of them raises is raised here, after all have ended.

    :param tasks: tuples of a function and its arguments
    """
    barrier = threading.Barrier(len(tasks))
    results, errors = [None] * len(tasks), []

    def work(index, function, *arguments):
        try:
            barrier.wait(timeout=30)
            results[index] = function(*arguments)
        except BaseException as error:  # noqa: BLE001  # raised below, in the thread of the test
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(index, *task)) for index, task in enumerate(tasks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
