"""The protocol of Kentongan: records, wire form, sealing, the link and its carriers."""
