"""How replication behaves, while the sandbox runs."""

from dataclasses import dataclass


@dataclass
class Settings:
    """One for all global tables.

    Args:
        lag: the seconds after which the other regions get a write. DynamoDB gives no bound, and typically takes
            about a second or less.
        paused: nothing is sent until it is over, as if the regions could not reach each other.
    """

    lag: float = 0.3
    paused: bool = False

    def combines(self, earlier: float, later: float) -> bool:
        """Whether changes of one item, made at these times and both still to be sent, are sent as one.

        DynamoDB may combine what waits together (Developer Guide, "How DynamoDB global tables work"). Here writes
        that are further apart than the lag stay apart, also on a machine too busy to send them in time.
        """
        return self.paused or later - earlier < self.lag
