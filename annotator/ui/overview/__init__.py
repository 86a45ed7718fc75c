"""The overview: how a project stands, as charts whose bars and points open the lists behind them."""
